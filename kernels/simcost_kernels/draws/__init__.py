"""Random numbers: streams of uniforms, and the ways of sampling."""
