"""Write what PyTorch computes to results.npz: `python -m tests.parity.record`, where torch is."""

from pathlib import Path

import numpy as np

from tests.parity.programs import results

FILE = Path(__file__).with_name("results.npz")

if __name__ == "__main__":
    import torch

    torch.set_num_threads(1)
    np.savez_compressed(FILE, **results(torch))
    print(f"{FILE.name}: {FILE.stat().st_size:,} bytes, by torch {torch.__version__}")
