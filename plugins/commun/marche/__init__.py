"""The marché subséquent, from the consultation to the notification: what the formats that have one share."""
