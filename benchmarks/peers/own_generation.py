"""The GPT that writes: `nnlearn.models.GPT.generate`, where PyTorch has a loop of one's own."""


def generation(spec):
    from benchmarks.peers.pytorch_source import Library, checksum, load
    from nnlearn import tensor
    from nnlearn.models import GPT

    model = GPT(spec.vocab, spec.context, spec.d, spec.heads, spec.layers, tie_weights=False)
    load(Library("nnlearn"), model, spec.weights)
    prompt = tensor(spec.x[:1, : spec.prompt])

    def generate():
        text = model.generate(prompt, spec.context - spec.prompt, temperature=0)
        return checksum(text[0, spec.prompt :].tolist())

    return generate
