// Fills phieu.xlsx with the answers of tra-loi.json as two JavaScript programs write workbooks.
// npm i exceljs@4.4.0 xlsx@0.18.5 && TZ=Asia/Ho_Chi_Minh node fill.js
const fs = require("fs");
const path = require("path");
const ExcelJS = require("exceljs");
const XLSX = require("xlsx");

const here = (name) => path.join(__dirname, name);
const answers = JSON.parse(fs.readFileSync(here("tra-loi.json"), "utf8"));
const SCORES = "Chấm điểm";
// Midnight at the desk. ExcelJS writes it as it is in Greenwich: 17:00 of the day before.
const day = (text) => new Date(text + "T00:00:00");
const greenwich = (text) => new Date(text + "T00:00:00Z");

async function exceljs() {
  const book = new ExcelJS.Workbook();
  await book.xlsx.readFile(here("phieu.xlsx"));
  for (const { sheet, cell, kind, value } of answers) {
    book.getWorksheet(sheet).getCell(cell).value =
      kind === "number" ? Number(value) : kind === "date" ? greenwich(value) : value;
  }
  await book.xlsx.writeFile(here("exceljs.xlsx"));
  for (const { sheet, cell, kind, value } of answers) {
    if (kind === "date") book.getWorksheet(sheet).getCell(cell).value = day(value);
  }
  await book.xlsx.writeFile(here("exceljs-gio-dia-phuong.xlsx"));
  // One sheet alone, cell by cell into a new workbook, as scripts do that "only export the table".
  const alone = new ExcelJS.Workbook();
  const copy = alone.addWorksheet("Sheet1");
  book.getWorksheet(SCORES).eachRow((row, number) =>
    row.eachCell((cell, column) => (copy.getRow(number).getCell(column).value = cell.value)));
  await alone.xlsx.writeFile(here("exceljs-mot-sheet.xlsx"));
}

function filled() {
  const book = XLSX.readFile(here("phieu.xlsx"));
  for (const { sheet, cell, kind, value } of answers) {
    book.Sheets[sheet][cell] =
      kind === "number" ? { t: "n", v: Number(value) } : kind === "date" ? { t: "d", v: day(value) } : { t: "s", v: value };
  }
  return book;
}

function sheetjs() {
  XLSX.writeFile(filled(), here("sheetjs.xlsx"));
  // Dates spelled out (t="d"), as the option of that name makes them.
  XLSX.writeFile(filled(), here("sheetjs-ngay-iso.xlsx"), { cellDates: true });
  // Every visible sheet appended to a new workbook: no properties, no names, no hidden sheets.
  const source = filled();
  const copied = XLSX.utils.book_new();
  source.SheetNames.forEach((name, number) => {
    if (!source.Workbook.Sheets[number].Hidden) XLSX.utils.book_append_sheet(copied, source.Sheets[name], name);
  });
  XLSX.writeFile(copied, here("sheetjs-chep-sheet.xlsx"));
  // Through rows of values and back, as a web page does: formats are gone, and codes that look like numbers stay texts.
  const table = XLSX.utils.book_new();
  for (const name of copied.SheetNames) {
    const rows = XLSX.utils.sheet_to_json(copied.Sheets[name], { header: 1, blankrows: true });
    XLSX.utils.book_append_sheet(table, XLSX.utils.aoa_to_sheet(rows), name);
  }
  XLSX.writeFile(table, here("sheetjs-qua-bang.xlsx"));
  // And through CSV, where the reader guesses: 1.10 becomes 1.1, 05/12/2025 whatever the desk says.
  const guessed = XLSX.utils.book_new();
  for (const name of copied.SheetNames) {
    const csv = XLSX.utils.sheet_to_csv(copied.Sheets[name]);
    XLSX.utils.book_append_sheet(guessed, XLSX.read(csv, { type: "string" }).Sheets.Sheet1, name);
  }
  XLSX.writeFile(guessed, here("sheetjs-qua-csv.xlsx"));
}

exceljs().then(sheetjs);
