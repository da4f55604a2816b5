"""The rules: what may happen, and what follows from it. Knows neither HTTP nor DynamoDB."""
