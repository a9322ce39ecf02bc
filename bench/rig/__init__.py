"""What benchmarks share: a fresh installation, a load generator, a served copy, the control."""
