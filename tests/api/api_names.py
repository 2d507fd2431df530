"""Names that the fixtures and the tests share."""
RADIO_UUID = "E92E066A-0D50-11E6-A771-08076944C403"
