"""How a test looks at a page."""


def read(client, address: str) -> str:
    """What stands at an address."""
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()
