// Inside the worker of the page: loads HiGHS from its bytes, holds the program, answers each position with a certified solution.
"use strict";
(() => {
  const own = globalThis.energynetWhatIf;
  let session = null;

  async function start({ wasm, packed }) {
    const highs = await globalThis.Module({
      instantiateWasm: (imports, done) => WebAssembly.instantiate(wasm, imports).then((made) => done(made.instance)),
    });
    session = new own.Session(highs, packed);
    return { version: highs.version.string };
  }

  function solve({ factors }) {
    const began = performance.now();
    const { program, ...answer } = session.solve(factors);
    if (answer.status === "optimal") {
      answer.certificate = own.certify(session.packed, program, answer.primal, answer.dual, answer.objective);
      answer.certified = answer.certificate.every((one) => one.holds);
    }
    return { ...answer, seconds: (performance.now() - began) / 1000 };
  }

  globalThis.onmessage = async ({ data }) => {
    try {
      const answer = data.kind === "start" ? await start(data) : solve(data);
      globalThis.postMessage({ id: data.id, answer });
    } catch (fault) {
      globalThis.postMessage({ id: data.id, fault: String(fault && fault.message ? fault.message : fault) });
    }
  };
})();
