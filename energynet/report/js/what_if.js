// The sliders: the reader moves one, a worker solves, and the page draws the answer. Latest position first; nothing waits in a queue.
"use strict";
(() => {
  const own = globalThis.energynetWhatIf;
  const WAIT = 120; // milliseconds between the last move of a slider and a solve
  const SAME = 1e-7; // relative: how near the page's base must come to the run's objective
  const NAMED = 8; // deliveries and prices that are named in the table of changes
  const text = (id) => document.getElementById(id).textContent;
  const find = (id) => document.getElementById(id);
  const number = (value, digits = 1) => value.toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits })
    .replace(/^-(?=[0.,]*$)/, "").replace("-", "−");
  const signed = (value, digits = 1) => (number(value, digits).startsWith("−") ? "" : "+") + number(value, digits);

  /** Begin: called once the page has drawn its own view. */
  own.begin = async () => {
    const form = find("what-if-form");
    if (!form) return;
    try {
      const packed = await own.unpack(text("energynet-program"));
      own.desk = new Desk(form, packed);
    } catch (fault) {
      cannot(`This browser cannot unpack the program: ${fault.message}.`);
    }
  };

  function cannot(words) {
    const place = find("what-if-cannot");
    place.textContent = words;
    place.hidden = false;
  }

  class Desk {
    constructor(form, packed) {
      this.form = form;
      this.packed = packed;
      this.sliders = packed.header.sliders;
      this.factors = this.sliders.map(() => 1);
      this.inputs = [...form.querySelectorAll("input[type=range]")].sort((one, other) => this.at(one) - this.at(other));
      this.waiting = new Map();
      this.asked = 0;
      for (const input of this.inputs) {
        input.value = 100;
        input.addEventListener("input", () => this.move(this.at(input), Number(input.value) / 100));
        input.closest(".slider").querySelector(".back").addEventListener("click", () => { this.move(this.at(input), 1); input.focus(); });
      }
      find("what-if-reset").addEventListener("click", () => this.reset());
      for (const sign of ["pointerenter", "focusin"]) form.addEventListener(sign, () => this.ready().catch(() => {}), { once: true }); // what fails is told when a slider is moved
      form.addEventListener("submit", (event) => event.preventDefault());
      form.hidden = false;
    }

    at(input) {
      return Number(input.closest(".slider").dataset.slider);
    }

    move(k, factor) {
      this.factors[k] = factor;
      this.show(k);
      this.ask();
    }

    reset() {
      this.factors.fill(1);
      this.sliders.forEach((_, k) => this.show(k));
      this.inputs[0]?.focus();
      this.ask();
    }

    show(k) {
      const [input, factor] = [this.inputs[k], this.factors[k]];
      const place = input.closest(".slider");
      input.value = Math.round(100 * factor);
      const words = own.sliderWords(this.sliders[k], factor);
      input.setAttribute("aria-valuetext", words);
      place.querySelector("output").textContent = words;
      place.querySelector(".back").disabled = factor === 1;
      place.classList.toggle("moved", factor !== 1);
      find("what-if-reset").disabled = this.factors.every((one) => one === 1);
    }

    /** Solve soon: the last position counts. */
    ask() {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.solve(), WAIT);
    }

    async solve() {
      if (this.busy) {
        this.again = true;
        return;
      }
      this.busy = true;
      const factors = this.factors.slice();
      const began = performance.now();
      try {
        if (factors.every((one) => one === 1)) this.home();
        else {
          this.say("Solving …");
          await this.ready();
          const answer = await this.call({ kind: "solve", factors });
          if (!this.again) this.take(answer, factors, (performance.now() - began) / 1000);
        }
      } catch (fault) {
        this.say(`Not solved: ${fault.message}. What is drawn is the answer before.`);
      } finally {
        this.busy = false;
        if (this.again) {
          this.again = false;
          this.solve();
        }
      }
    }

    /** Back at the base: the run itself. */
    home() {
      find("what-if-answer").hidden = true;
      if (window.energynet.view !== window.energynet.stored) window.energynet.draw(window.energynet.stored);
      this.say("At the base: what is drawn is the run itself.");
    }

    take(answer, factors, seconds) {
      const { header } = this.packed;
      if (answer.status !== "optimal") {
        const why = answer.status === "infeasible" ? "no flows keep all limits at once at this position" : `the solver ended with “${answer.status}”`;
        this.say(`Not solved: ${why}. What is drawn is the answer before.`);
        return;
      }
      if (!answer.certified) {
        const bad = answer.certificate.find((one) => !one.holds);
        this.say(`The answer could not be certified (${bad.check}), so it is not drawn.`);
        return;
      }
      const program = own.programAt(this.packed, factors);
      const view = this.viewOf({ ...answer, program }, this.named(factors));
      window.energynet.draw(view);
      const moved = 100 * (view.objective / this.base.objective - 1);
      const many = answer.oneAnswer ? "" : "; its flows are one of several of the same cost";
      this.say(`Solved in ${number(seconds, 1)} s, certified; total cost ${signed(moved, 2)} %${many}.`);
      this.tell(view, factors);
      find("what-if-answer").hidden = false;
      this.form.dataset.objective = String(view.objective);
      this.form.dataset.iterations = String(answer.iterations);
      this.form.dataset.form = header.own_form ? "own" : "coarser";
    }

    viewOf(answer, name) {
      return own.viewOf(this.packed, window.energynet.data, window.energynet.stored.costs, answer, name);
    }

    named(factors) {
      const moved = this.sliders.filter((_, k) => factors[k] !== 1).map((slider) => `${slider.label} ${number(100 * factors[this.sliders.indexOf(slider)], 0)} %`);
      return `What if: ${moved.join(", ")}`;
    }

    say(words) {
      find("what-if-status").textContent = words;
    }

    /** The table of changes, the command that gives the same, the certificate. */
    tell(view, factors) {
      const rows = own.changes(window.energynet.data, this.base, view, NAMED);
      fill("t-what-if", rows.map(({ words, unit, digits, base, now }) => [
        words, number(base, digits), number(now, digits), signed(now - base, digits), unit,
      ]), [1, 2, 3]);
      fill("t-what-if-certificate", view.certificate.map((one) => [
        one.check, one.worst.toExponential(1), one.tolerance.toExponential(0), one.unit, one.where,
      ]), [1, 2]);
      find("what-if-command").textContent = own.command(window.energynet.data, this.packed.header, factors);
    }

    /** The worker, started once: it loads the solver and proves that it finds the base of the run. */
    ready() {
      this.started ??= this.start();
      return this.started;
    }

    async start() {
      if (!globalThis.Worker || !globalThis.WebAssembly) throw new Error("this browser has no WebAssembly in a worker");
      const [code, wasm] = await Promise.all(["energynet-solver", "energynet-wasm"].map((id) => own.unsqueeze(text(id))));
      const source = URL.createObjectURL(new Blob([code, "\n", text("energynet-worker")], { type: "text/javascript" }));
      this.worker = new Worker(source);
      URL.revokeObjectURL(source);
      this.worker.onmessage = ({ data }) => {
        const [done, failed] = this.waiting.get(data.id);
        this.waiting.delete(data.id);
        if (data.fault) failed(new Error(data.fault));
        else done(data.answer);
      };
      this.worker.onerror = (fault) => {
        for (const [, failed] of this.waiting.values()) failed(new Error(fault.message || "the worker could not be started"));
        this.waiting.clear();
      };
      await this.call({ kind: "start", wasm: wasm.buffer, packed: this.packed }, [wasm.buffer]);
      const factors = this.sliders.map(() => 1);
      const answer = await this.call({ kind: "solve", factors });
      const { header } = this.packed;
      const off = Math.abs(answer.objective - header.objective) / Math.max(Math.abs(header.objective), 1);
      if (answer.status !== "optimal" || !answer.certified || off > SAME) throw new Error("the solver in this browser does not find the base of the run");
      const program = own.programAt(this.packed, factors);
      const solved = this.viewOf({ ...answer, program }, "the base, solved in this page");
      this.solvedBase = solved;
      this.base = header.own_form ? window.energynet.stored : solved;
    }

    call(message, given = []) {
      this.asked += 1;
      const id = this.asked;
      return new Promise((done, failed) => {
        this.waiting.set(id, [done, failed]);
        this.worker.postMessage({ id, ...message }, given);
      });
    }
  }

  function fill(id, rows, numeric) {
    const body = find(id).tBodies[0];
    body.replaceChildren(...rows.map((cells) => {
      const row = document.createElement("tr");
      row.append(...cells.map((words, k) => {
        const cell = document.createElement(k === 0 ? "th" : "td");
        if (k === 0) cell.scope = "row";
        if (numeric.includes(k)) cell.className = "n";
        cell.textContent = words;
        return cell;
      }));
      return row;
    }));
  }

  /** A slider's factor in words: `90 %, 54.5 bcm`. */
  own.sliderWords = (slider, factor) => {
    const value = slider.base * factor;
    const digits = Math.max(0, Math.min(3, 2 - Math.floor(Math.log10(slider.base || 1))));
    return `${Math.round(100 * factor)} %, ${number(value, digits)} ${slider.unit}`;
  };

  /** The command that solves a position; a slider's changes hold `{}` in place of its factor. */
  own.command = (data, header, factors) => {
    const quoted = (words) => (/^[\w./-]+$/.test(words) ? words : `'${words.replaceAll("'", "'\\''")}'`);
    const changes = [...data.changes];
    header.sliders.forEach((slider, k) => {
      if (factors[k] !== 1) changes.push(...slider.changes.map((change) => change.replace("{}", String(Number(factors[k].toPrecision(12))))));
    });
    const scenario = data.scenario ? [`--scenario ${quoted(data.scenario)}`] : [];
    return ["energynet solve", quoted(data.model), ...scenario, ...changes.map((one) => `--set ${quoted(one)}`)].join(" ");
  };

  if (globalThis.document) own.begin();
})();
