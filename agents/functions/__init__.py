"""Custom functions: requests to other systems that agents may make."""
