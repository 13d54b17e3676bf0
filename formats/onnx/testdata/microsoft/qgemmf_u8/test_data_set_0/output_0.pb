ByJŒÖ—¿Bß¦BÇ·BmuÑAþY.B:?ÂB&ÃBy?‰BšãXB¿ÀBùtÏAj£AbsoBNI‹BHE¸Bì¢úB/íBHéòAð·LBÇTÑB¢ÖBü8CíÞ0Cç*C’,B
BÐ®2CDØ¹Bt0B½GRB…Á©>®¸¸@p©	A•¿B™”1A