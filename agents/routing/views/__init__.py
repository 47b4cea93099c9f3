"""The library: whom and what agents can refer to."""
