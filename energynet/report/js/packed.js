// The block of arrays that energynet/report/packing.py writes, read back. Used by the page and by the tests alike.
"use strict";
(() => {
  const own = (globalThis.energynetWhatIf ??= {});
  const KINDS = { f8: Float64Array, i4: Int32Array, u1: Uint8Array };

  /** Bytes of a block: base64 of gzip. */
  own.unsqueeze = async (text) => {
    const squeezed = Uint8Array.from(atob(text.trim()), (letter) => letter.charCodeAt(0));
    const stream = new Blob([squeezed]).stream().pipeThrough(new DecompressionStream("gzip"));
    return new Uint8Array(await new Response(stream).arrayBuffer());
  };

  /** The header of a packed block, and its arrays by name. */
  own.unpack = async (text) => {
    const bytes = await own.unsqueeze(text);
    const length = new DataView(bytes.buffer).getUint32(0, true);
    const header = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length)));
    const arrays = {};
    for (const [name, kind, first, count] of header.arrays) arrays[name] = new KINDS[kind](bytes.buffer, 4 + length + first, count);
    return { header, arrays };
  };
})();
