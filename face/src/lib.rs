//! Face match: detect, align, liveness, template, 1:1 score (ONNX Runtime through ort).
