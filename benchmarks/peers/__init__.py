"""What `python -m benchmarks.speed` runs: the same work in nnlearn and in its peers.

| file | what it holds |
| --- | --- |
| `workloads.py` | what is computed: shapes, first weights, data, and the goals |
| `pytorch_source.py` | how, written once, run by PyTorch and by nnlearn |
| `own_generation.py` | text from `nnlearn.models.GPT.generate`; PyTorch has none of its own |
| `hips_autograd.py` | the same in HIPS autograd |
| `scalar_engines.py` | single numbers: micrograd and nnlearn.scalar |
| `worker.py` | one process: one backend at one workload |
| `driver.py` | drives the workers in turn, and takes ratios |
| `tables.py` | what is printed, and the README's table |

The peers are no dependencies of nnlearn. Install them where you like, and say where:

    python -m pip install --target ../peers torch==2.13.0 autograd==1.9.1 micrograd==0.1.0
    python -m benchmarks.speed --peers-path ../peers
"""
