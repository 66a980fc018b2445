"""Charts of a workbook that are read without seeing them: titles, axes, and an alternative text."""

from __future__ import annotations

from collections.abc import Mapping

from lxml import etree
from openpyxl.chart import BarChart, Reference
from openpyxl.worksheet.worksheet import Worksheet

__all__ = ["stacked_bars", "with_descriptions"]

_CONTROL = "{http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing}cNvPr"
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True)
# Told apart in grey too; white stands between two parts of a bar.
_COLOURS = ("000091", "6A6AF4", "C9C9FF", "3A3A3A", "929292", "DDDDDD")
_TITLE = 1200  # hundredths of a point
_LABEL = 1000


def stacked_bars(
    sheet: Worksheet, *, values: str, names: str, title: str, across: str, along: str, largest: int
) -> BarChart:
    """Return a chart of horizontal bars, each made of one part by column of ``values``.

    Args:
        sheet: where the values stand.
        values: their range, the header row included: it names the parts.
        names: range of the names of the bars.
        title: of the chart.
        across: what the bars are (the axis of names).
        along: what their length tells, with its unit.
        largest: end of that axis.
    """
    chart = BarChart()
    chart.type, chart.grouping, chart.overlap, chart.gapWidth = "bar", "stacked", 100, 60
    chart.add_data(Reference(range_string=_absolute(sheet, values)), titles_from_data=True)
    chart.set_categories(Reference(range_string=_absolute(sheet, names)))
    chart.title = title
    chart.x_axis.title, chart.y_axis.title = across, along
    chart.x_axis.delete = chart.y_axis.delete = False  # openpyxl 3.1 hides them when nothing is said
    chart.x_axis.scaling.orientation = "maxMin"  # the first row of the table is the bar on top
    chart.y_axis.scaling.min, chart.y_axis.scaling.max = 0, largest
    chart.y_axis.number_format = "0"
    chart.y_axis.crosses = "max"  # at the foot all the same
    chart.legend.position = "b"
    for rank, series in enumerate(chart.series):
        series.graphicalProperties.solidFill = _COLOURS[rank % len(_COLOURS)]
        series.graphicalProperties.line.solidFill = "FFFFFF"
    return chart


def _absolute(sheet: Worksheet, cells: str) -> str:
    start, _, end = cells.partition(":")
    return f"'{sheet.title}'!{start}:{end or start}"


def with_descriptions(data: bytes, texts: Mapping[str, str]) -> bytes:
    """Return a drawing whose charts bear a name and an alternative text, in their order.

    Args:
        data: ``xl/drawings/drawingN.xml``.
        texts: alternative text by name.
    """
    root = etree.fromstring(data, _PARSER)
    for control, (name, text) in zip(root.iter(_CONTROL), texts.items(), strict=True):
        control.set("name", name)
        control.set("descr", text)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
