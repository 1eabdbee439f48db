"""Our own VBA: a Sub for every button, a wrapper for every worksheet function, the self test.

What dialogs say in Chinese stands on the config sheet, in the customUI, or comes from Python, so that
it reads the same on every Windows; only the function wizard takes its descriptions from the source.
"""

from __future__ import annotations

from collections.abc import Sequence

from jixiao.excel.buttons import Button, all_buttons
from jixiao.excel.formula import Formula
from jixiao.excel.xlam.names import ENTRY_POINTS, FORMULA_MODULE, FORMULAS, RIBBON_MODULE, TEST_MODULE

KEYWORDS = frozenset(
    """
    addressof alias and any as boolean byref byte byval call case cbool cbyte ccur cdate cdbl cint clng
    const csng cstr currency cvar date debug decimal declare dim do double each else elseif empty end
    enum eqv erase error event exit false for friend function get global gosub goto if imp implements in
    input integer is let like lock long loop lset me mod name new next not nothing null object on open
    option optional or paramarray preserve print private property public put raiseevent redim rem resume
    return rset seek select set shared single static step stop string sub then time to true type typeof
    unlock until variant wend while width with withevents write xor
    """.split()
)
"""Words that cannot be the name of an argument."""

_RIBBON = f"""
Private Sub RunVerb(ByVal verb As String, Optional ByVal chosen As String = "")
    Dim failure As String
    On Error GoTo failed
    If ActiveWorkbook Is Nothing Then Workbooks.Add
    RunPython "import {ENTRY_POINTS}; {ENTRY_POINTS}." & verb & "(" & chosen & ")"
    Exit Sub
failed:
    failure = Err.Description
    Tell "D2", failure, vbExclamation
End Sub

Private Sub Tell(ByVal cell As String, ByVal more As String, ByVal icon As Long)
    ' the texts stand on the sheet: source is read in one code page
    With ThisWorkbook.Worksheets(1)
        WScript.Popup .Range(cell).Value & vbCrLf & more, 0, .Range("D1").Value, icon
    End With
End Sub

Public Function ServerStands() As Boolean
    Dim server As Object
    On Error Resume Next
    Set server = XLPy
    ServerStands = Not server Is Nothing
End Function
"""

_RESTART = """    ' a Python that does not answer cannot end itself
    On Error Resume Next
    KillPy
    Tell "D3", "", vbInformation
"""

_TESTS = f"""Attribute VB_Name = "{TEST_MODULE}"
Option Explicit
Option Private Module

Public Function SelfTest() As String
    On Error GoTo failed
    SelfTest = "OK " & XLPy.Str(XLPy.Call(XLPy.Module("{FORMULAS}"), "JX_VERSION"))
    Exit Function
failed:
    SelfTest = "FAILED " & Err.Description
End Function
"""


def ribbon_source() -> str:
    subs = "".join(
        f"\nPublic Sub {button.callback}(control As IRibbonControl)\n"
        + (_RESTART if button.verb == "restart" else _run(button))
        + "End Sub\n"
        for button in all_buttons()
    )
    return f'Attribute VB_Name = "{RIBBON_MODULE}"\nOption Explicit\nOption Private Module\n{subs}{_RIBBON}'


def _run(button: Button) -> str:
    chosen = ', "\'" & control.Tag & "\'"' if button.editions else ""
    return f'    RunVerb "{button.verb}"{chosen}\n'


def test_source() -> str:
    return _TESTS


def formula_source(formulas: Sequence[Formula], *, described: bool = True) -> str:
    """The wrappers, as xlwings would generate them; ``described`` for the function wizard."""
    head = [f'Attribute VB_Name = "{FORMULA_MODULE}"', '#Const App = "Microsoft Excel"']
    return "\n".join([*head, *(line for one in formulas for line in _wrapper(one, described)), ""])


def _wrapper(one: Formula, described: bool) -> list[str]:
    names = [argument.name for argument in one.arguments]
    if wrong := [name for name in names if name in KEYWORDS or not name.isascii() or not name.islower()]:
        raise ValueError(f"{one.name}: not usable as arguments in VBA: {wrong}")
    asked = ", ".join(("Optional " if one.optional else "") + one.name for one in one.arguments)
    call = f'XLPy.CallUDF("{FORMULAS}", "{one.name}", Array({", ".join(names)})'
    texts = [
        f'Attribute {one.name}.VB_Description = "{one.said}"',
        f'Attribute {one.name}.VB_ProcData.VB_Invoke_Func = " \\n14"',
    ]
    return [
        f"Function {one.name}({asked})",
        *(texts if described else []),
        '    #If App = "Microsoft Excel" Then',
        "        If TypeOf Application.Caller Is Range Then On Error GoTo failed",
        f"        {one.name} = {call}, ActiveWorkbook, Application.Caller)",
        "        Exit Function",
        "    #Else",
        f"        {one.name} = {call})",
        "        Exit Function",
        "    #End If",
        "failed:",
        f"    {one.name} = Err.Description",
        "End Function",
    ]
