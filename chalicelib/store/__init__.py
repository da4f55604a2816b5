"""DynamoDB and S3: models, keys, conditions. Nothing above this layer knows of either."""

from ..aws import secrets as secrets  # the settings ask it for what is secret
from .instance import config as config  # and for what administrators changed
