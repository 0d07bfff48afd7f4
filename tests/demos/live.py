"""A live run without a browser: how many frames a second, and how many after Stop."""

import asyncio
from typing import Any


def live_run(demo: Any, steps: int = 60) -> tuple[float, int]:
    async def run() -> tuple[float, int]:
        loop = asyncio.get_running_loop()
        start, before = loop.time(), demo._n
        demo.play()
        while demo.t < steps:
            demo._credit.seen(demo._n)
            await asyncio.sleep(0.005)
        rate = (demo._n - before) / (loop.time() - start)
        demo.stop()
        stopped = demo._n
        await asyncio.sleep(0.2)
        await demo.wait()
        return rate, demo._n - stopped

    return asyncio.run(run())
