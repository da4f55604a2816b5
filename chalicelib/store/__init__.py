"""DynamoDB and S3: models, keys, conditions. Nothing above this layer knows of either."""

from . import secrets as secrets  # the settings ask it for what is secret
