"""The application: an async server that carries one meeting's papers, notes and acts to every tablet in it."""
