"""Pure functions over Arrow record batches; see :mod:`dataset_builder.stages.contract`."""
