Bi5J
Vhéœt[do>K