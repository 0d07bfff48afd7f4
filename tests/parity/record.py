"""Store what PyTorch computes: `python -m tests.parity.record [subject ...]`, where torch is."""

import sys
from pathlib import Path

import numpy as np

from tests.parity.programs import SUBJECTS, results

FOLDER = Path(__file__).with_name("results")

if __name__ == "__main__":
    import torch

    torch.set_num_threads(1)
    FOLDER.mkdir(exist_ok=True)
    for subject in sys.argv[1:] or SUBJECTS:
        file = FOLDER / f"{subject}.npz"
        np.savez_compressed(file, **results(torch, subject))
        print(f"{file.name}: {file.stat().st_size:,} bytes, by torch {torch.__version__}")
