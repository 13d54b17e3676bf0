// Runs models on ONNX Runtime:
//
//   EDGEINFER_ORT=FOLDER node ort.mjs CASES
//
// FOLDER/node_modules has the package onnxruntime-node. CASES/cases.json is a list of
// {model, inputs: [{name, type, dims, file}]}; every result goes to CASES/results.json:
// {error} of a model that ONNX Runtime refuses, or
// {outputs: [{type, dims, offset, size}]}, bytes of CASES/results.bin.
import { createRequire } from 'node:module'
import { readFileSync, writeFileSync, openSync, writeSync, closeSync } from 'node:fs'
import { join, resolve } from 'node:path'

const ort = createRequire(join(resolve(process.env.EDGEINFER_ORT), 'package.json'))('onnxruntime-node')
const folder = process.argv[2]

const arrays = {
  float32: Float32Array, float64: Float64Array, float16: Uint16Array, bool: Uint8Array,
  int8: Int8Array, int16: Int16Array, int32: Int32Array, int64: BigInt64Array,
  uint8: Uint8Array, uint16: Uint16Array, uint32: Uint32Array, uint64: BigUint64Array,
}

function input({ type, dims, file }) {
  const b = readFileSync(join(folder, file)) // copied, since a Buffer's start need not be aligned
  return new ort.Tensor(type, new arrays[type](new Uint8Array(b).buffer), dims)
}

const bin = openSync(join(folder, 'results.bin'), 'w')
let offset = 0
function output(t) {
  const b = new Uint8Array(t.data.buffer, t.data.byteOffset, t.data.byteLength)
  if (b.length > 0) writeSync(bin, b)
  offset += b.length
  return { type: t.type, dims: t.dims.map(Number), offset: offset - b.length, size: b.length }
}

// Without optimisation each node runs as it is written: fused ones round otherwise.
const options = { graphOptimizationLevel: 'disabled', logSeverityLevel: 4, intraOpNumThreads: 1 }
const results = []
for (const c of JSON.parse(readFileSync(join(folder, 'cases.json')))) {
  try {
    const session = await ort.InferenceSession.create(join(folder, c.model), options)
    const got = await session.run(Object.fromEntries(c.inputs.map(i => [i.name, input(i)])))
    results.push({ outputs: session.outputNames.map(name => output(got[name])) })
    await session.release()
  } catch (e) {
    results.push({ error: String(e.message ?? e) })
  }
}
closeSync(bin)
writeFileSync(join(folder, 'results.json'), JSON.stringify(results))
