"""Everything that touches the world: DynamoDB, S3, Step Functions, registries, Tesseract."""
