//! What the site promises, tested on a small zoo and in a browser.
