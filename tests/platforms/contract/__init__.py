"""What every chat platform must do, each test the same on every one of them."""
