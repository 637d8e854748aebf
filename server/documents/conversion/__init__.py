"""Conversion: office papers, images and scans become PDFs, in sandboxes that can be killed; nothing here is served."""
