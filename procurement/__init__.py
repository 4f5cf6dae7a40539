"""What a buyer is buying: brief, particulars, decisions and the tender drawn up from them."""
