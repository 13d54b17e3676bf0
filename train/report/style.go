package report

// style is that of the page and of the pictures in it. Colours are those of
// package draw; a line is told from another by its dashes too.
const style = `
:root{color-scheme:light dark;--bg:#fff;--fg:#1c2530;--dim:#5b6875;--line:#9aa7b4;--grid:#e3e8ed;--card:#f6f8fa;
--a:#2f6fd0;--b:#b8620f;--c:#23875a;--d:#7a4fc0;--e:#c23b5e;--f:#5f6b77;--good:47 111 208;--bad:208 84 47}
@media screen and (prefers-color-scheme:dark){:root{--bg:#12171d;--fg:#e4eaf0;--dim:#9aa8b6;--line:#5b6977;--grid:#2a333d;--card:#1a2129;
--a:#6ba3f5;--b:#eba14e;--c:#55c48e;--d:#b08ff0;--e:#f07f9a;--f:#a4b0bc}}
*{box-sizing:border-box}
body{background:var(--bg);color:var(--fg);font:15px/1.5 system-ui,"Segoe UI",Roboto,"DejaVu Sans",sans-serif;margin:0 auto;max-width:1240px;padding:1.6em 1.2em 3em}
h1{font-size:1.6em;line-height:1.25;margin:0;overflow-wrap:anywhere}h2{font-size:1.2em;margin:1.8em 0 .2em}h3{font-size:1em;margin:.2em 0 .4em}
p{margin:.2em 0 .6em;max-width:80ch}.dim,small{color:var(--dim)}dl,dd,figure{margin:0}
.headlines{display:flex;flex-wrap:wrap;gap:.8em;margin:1.2em 0}
.headlines div{background:var(--card);border:1px solid var(--grid);border-radius:8px;padding:.6em 1.1em;min-width:8.5em}
.headlines dt{color:var(--dim);font-size:.9em}.headlines dd{font-size:1.75em;font-weight:600;line-height:1.25;font-variant-numeric:tabular-nums;overflow-wrap:anywhere}
.headlines .note{font-size:.85em;font-weight:400;color:var(--dim)}
.facts{display:grid;grid-auto-flow:dense;grid-template-columns:repeat(auto-fill,minmax(min(100%,340px),1fr));gap:0 2em}.facts .wide{grid-column:1/-1}
.facts div{display:flex;gap:.8em;border-bottom:1px solid var(--grid);padding:.3em 0}
.facts small{display:inline-block}.facts dt{color:var(--dim);flex:0 0 8.5em}.facts dd{overflow-wrap:anywhere;min-width:0;font-variant-numeric:tabular-nums}
.plots{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,430px),1fr));gap:1.2em 2em}
.plots figure{max-width:620px}figcaption b{margin-right:.6em}figcaption{line-height:1.4}
.key{white-space:nowrap;margin-right:.9em}.key svg{display:inline-block;width:26px;height:10px;margin-right:.35em;vertical-align:middle}
svg{display:block;width:100%;height:auto;font-family:inherit}svg text{fill:var(--dim);font-size:12px;font-variant-numeric:tabular-nums}
.grid{stroke:var(--grid)}.axis{stroke:var(--line)}.best{stroke:var(--fg);stroke-dasharray:2 3}svg .on{fill:var(--fg)}
.l{fill:none;stroke-width:2;stroke-linejoin:round;stroke-linecap:round}.thin .l{stroke-width:1.4}
.a{stroke:var(--a)}.b{stroke:var(--b)}.c{stroke:var(--c)}.d{stroke:var(--d)}.e{stroke:var(--e)}.f{stroke:var(--f)}
.p{stroke-width:1.5;fill:var(--bg)}.dash{stroke-dasharray:7 4}.fill{fill:rgb(var(--good)/.45);stroke:var(--a)}
.split{display:flex;flex-wrap:wrap;gap:1em 2.5em;align-items:flex-start}.split>*{min-width:0;max-width:100%}.scroll{overflow-x:auto;max-width:100%}
table{border-collapse:collapse;font-variant-numeric:tabular-nums;font-size:14px}caption{text-align:left;color:var(--dim);padding-bottom:.3em}
th{color:var(--dim);font-weight:500;text-align:left}td,th{padding:.22em .7em;border-bottom:1px solid var(--grid)}tbody th{color:var(--fg)}
td.n,th.n{text-align:right;white-space:nowrap}tfoot td,tfoot th{font-weight:600;border-bottom:0;color:var(--fg)}
.name{max-width:11.5em;overflow-wrap:anywhere}
.bar{background:linear-gradient(to right,rgb(var(--good)/.28) var(--v),transparent var(--v))}
.matrix{table-layout:fixed;line-height:1.2;width:auto}.matrix td,.matrix th{border:1px solid var(--bg);padding:0}
.matrix td{text-align:center;background:var(--card);height:var(--h);width:var(--w)}.matrix td small{display:block;color:inherit;font-size:11px}
.matrix tbody th{text-align:right;padding-right:.5em;width:auto;white-space:nowrap}.matrix .name{max-width:10em;overflow:hidden;text-overflow:ellipsis}.stack{display:grid;gap:1em}
.matrix thead th.col{width:var(--w);vertical-align:bottom;color:var(--fg);text-align:center;padding-bottom:.3em}
.matrix .up{writing-mode:vertical-rl;transform:rotate(180deg);display:inline-block;max-height:9em;overflow:hidden;text-overflow:ellipsis;white-space:nowrap;line-height:1.1}
.m{font-size:14px;--w:58px;--h:44px}.big{--w:116px;--h:60px}.mid{font-size:12px;--w:34px;--h:28px}.small{font-size:11px;--w:24px;--h:22px}
td.g1,td.g2,td.g3,td.g4,td.g5,td.g6,td.g7,td.g8,td.g9,td.g10{background:rgb(var(--good)/var(--s))}
td.r1,td.r2,td.r3,td.r4,td.r5,td.r6,td.r7,td.r8,td.r9,td.r10{background:rgb(var(--bad)/var(--s))}
.g1,.r1{--s:.1}.g2,.r2{--s:.17}.g3,.r3{--s:.24}.g4,.r4{--s:.31}.g5,.r5{--s:.38}.g6,.r6{--s:.45}.g7,.r7{--s:.52}.g8,.r8{--s:.59}.g9,.r9{--s:.66}.g10,.r10{--s:.73}
path.g{fill:rgb(var(--good)/calc(var(--s) + .4))}path.r{fill:rgb(var(--bad)/calc(var(--s) + .4))}.back{fill:var(--card)}
.cards{display:grid;grid-template-columns:repeat(auto-fill,minmax(175px,1fr));gap:1em;list-style:none;padding:0;margin:.6em 0}
.cards li{background:var(--card);border:1px solid var(--grid);border-radius:8px;overflow:hidden;display:flex;flex-direction:column;break-inside:avoid}
.cards .show{height:140px;display:flex;align-items:center;justify-content:center;border-bottom:1px solid var(--grid);padding:6px}
.cards .words{height:auto;min-height:140px}.cards img{display:block;max-width:100%;width:100%;height:100%;object-fit:contain}.cards img.small{image-rendering:pixelated}.cards img.whole{object-fit:fill}
.cards .show svg{height:100%}.cards blockquote{margin:0;align-self:flex-start;width:100%;font-size:14px;line-height:1.4;overflow-wrap:anywhere;padding:.2em .3em}
.cards div.is{padding:.45em .7em .55em;line-height:1.35;font-size:14px;overflow-wrap:anywhere}.cards .file{color:var(--dim);font-size:13px;overflow-wrap:anywhere;display:block}
.no{color:var(--b);font-weight:600}details{margin:1em 0}summary{cursor:pointer;color:var(--dim)}
@media print{body{max-width:none;padding:0;font-size:12px}*{print-color-adjust:exact;-webkit-print-color-adjust:exact}
figure,li,tr,.matrix,.headlines div{break-inside:avoid}tfoot{display:table-row-group}table{font-size:12px}svg text{font-size:14px}h2,h3{break-after:avoid}.scroll{overflow:visible}details:not([open]){display:none}
.plots{grid-template-columns:1fr 1fr;gap:1em}.m{--w:44px;--h:36px;font-size:12px}.big{--w:80px}.mid{--w:26px;--h:22px;font-size:10px}.small{--w:15px;--h:15px;font-size:8px}}
`
