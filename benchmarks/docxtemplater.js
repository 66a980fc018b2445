// Renders one template again and again, as a warm server would: each line of standard input holds a number of
// documents to make; the answer is the seconds of CPU that they took.
// node docxtemplater.js TEMPLATE DATA RESULT, with NODE_PATH where docxtemplater and pizzip are.
const fs = require("fs");
const readline = require("readline");
const PizZip = require("pizzip");
const Docxtemplater = require("docxtemplater");

const [template, data, result] = process.argv.slice(2);
const content = fs.readFileSync(template);
const values = JSON.parse(fs.readFileSync(data));

function render() {
  const document = new Docxtemplater(new PizZip(content), { paragraphLoop: true, linebreaks: true });
  document.render(values);
  return document.getZip().generate({ type: "nodebuffer", compression: "DEFLATE" });
}

for (let turn = 0; turn < 100; turn++) render();
fs.writeFileSync(result, render());
readline.createInterface({ input: process.stdin }).on("line", (line) => {
  const before = process.cpuUsage();
  for (let turn = Number(line); turn > 0; turn--) render();
  const spent = process.cpuUsage(before);
  console.log((spent.user + spent.system) / 1e6);
});
