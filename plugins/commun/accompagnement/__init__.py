"""The accompagnement and the restitution: what is sent, kept and signed from the first session on."""
