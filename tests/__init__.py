"""The tests: unit by package, then whole answers, the service over HTTP, and the documentation."""
