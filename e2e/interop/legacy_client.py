"""An older Matrix client, on matrix-nio: logs in by password, uses the homeserver, and logs out.

usage: legacy_client.py BASE_URL USER_ID PASSWORD DEVICE_NAME; prints what it saw as JSON.
"""

import asyncio
import json
import sys

from nio import AsyncClient, LoginResponse, LogoutResponse, RoomCreateResponse, RoomSendResponse, SyncResponse, WhoamiResponse


def expect(answer, kind):
    if not isinstance(answer, kind):
        sys.exit(f"expected {kind.__name__}, got {answer}")
    return answer


async def main(base, user, password, device_name):
    client = AsyncClient(base, user)
    try:
        login = expect(await client.login(password, device_name=device_name), LoginResponse)
        whoami = expect(await client.whoami(), WhoamiResponse)
        room = expect(await client.room_create(name="Attic"), RoomCreateResponse)
        content = {"msgtype": "m.text", "body": "It is dusty up here"}
        expect(await client.room_send(room.room_id, "m.room.message", content), RoomSendResponse)
        sync = expect(await client.sync(timeout=0, full_state=True), SyncResponse)
        devices = await client.devices()
        expect(await client.logout(), LogoutResponse)
        seen = {
            "login": [login.user_id, login.device_id],
            "whoami": [whoami.user_id, whoami.device_id],
            "rooms": list(sync.rooms.join) == [room.room_id],
            "devices": [device.display_name for device in devices.devices],
        }
        print(json.dumps(seen))
    finally:
        await client.close()


asyncio.run(main(*sys.argv[1:]))
