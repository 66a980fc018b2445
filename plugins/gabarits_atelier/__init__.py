"""The workshop that makes the Word templates; not shipped, run by hand when a text changes.

``python -m plugins.gabarits_atelier`` from the root writes every template again, byte for byte
the same as long as its text is the same. The desk is free to edit the .docx in Word instead and
install its own: nothing but ``tests/test_documents_local.py`` ties a template to this workshop.
"""
