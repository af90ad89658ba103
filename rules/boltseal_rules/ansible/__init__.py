"""What the places for Ansible are made of."""
