"""DynamoDB and S3: models, keys, conditions. Nothing above this layer knows of either."""
