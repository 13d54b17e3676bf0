package report

// layers is the table of the network.
func (p *page) layers(ls []Layer) {
	if len(ls) == 0 {
		return
	}
	var params, macs, bytes, most int64
	frozen := false
	for _, l := range ls {
		params, macs, bytes = params+l.Parameters, macs+l.MACs, bytes+l.Bytes
		most = max(most, l.Parameters)
		frozen = frozen || l.Frozen
	}
	p.section("Layers", "")
	p.WriteString("<div class=\"scroll\"><table><thead><tr><th>layer</th><th>kind</th><th>output</th><th class=\"n\">parameters</th><th class=\"n\">MACs</th><th class=\"n\">output bytes</th>")
	if frozen {
		p.WriteString("<th>trained</th>")
	}
	p.WriteString("</tr></thead><tbody>\n")
	for _, l := range ls {
		p.f("<tr>%s<td>%s</td><td>%s</td><td class=\"n bar\" style=\"--v:%.1f%%\">%s</td><td class=\"n\">%s</td><td class=\"n\">%s</td>", nameCell("td", l.Name), esc(l.Kind), esc(l.Shape),
			100*float64(l.Parameters)/float64(max(most, 1)), grouped(l.Parameters), grouped(l.MACs), grouped(l.Bytes))
		if frozen {
			p.f("<td>%s</td>", l.trained())
		}
		p.WriteString("</tr>\n")
	}
	p.f("</tbody><tfoot><tr><td colspan=\"3\">all</td><td class=\"n\">%s</td><td class=\"n\">%s</td><td class=\"n\">%s</td>", grouped(params), grouped(macs), grouped(bytes))
	if frozen {
		p.WriteString("<td></td>")
	}
	p.WriteString("</tr></tfoot></table></div></section>\n")
}

// trained tells whether a layer's parameters are; nothing if it has none.
func (l *Layer) trained() string {
	switch {
	case l.Frozen:
		return "frozen"
	case l.Parameters == 0:
		return ""
	}
	return "yes"
}
