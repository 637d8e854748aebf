"""Exchange owns what leaves for other bodies and comes from them: edXML packages and the axis that carries them."""
