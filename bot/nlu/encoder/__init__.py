"""The sentence encoder: all-MiniLM-L6-v2 as an int8 ONNX graph, built from the published weights.

``weights`` finds and checks the weights, ``reference`` is the forward pass in plain NumPy, ``graph`` writes the
same as ONNX, ``quantise`` makes it small, ``build`` ties these together with a cache, ``session`` runs the result.
"""
