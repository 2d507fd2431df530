"""What the API and golden tests share: a running norn, frames made here, the 2016 decoding."""
