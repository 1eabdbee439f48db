"""Run by LibreOffice's own Python: open a workbook in LibreOffice, change it, save it as another.

Arguments: the workbook, the new one, a folder for LibreOffice's settings, and the change as Python
that knows the workbook as ``doc``.
"""

import os
import subprocess
import sys
import time

import uno
from com.sun.star.beans import PropertyValue
from com.sun.star.connection import NoConnectException


def setting(name, value):
    one = PropertyValue()
    one.Name, one.Value = name, value
    return one


source, target, profile, change = sys.argv[1:]
pipe = f"jixiao{os.getpid()}"
office = subprocess.Popen(
    [
        "soffice",
        f"-env:UserInstallation=file://{profile}",
        "--headless",
        "--norestore",
        f"--accept=pipe,name={pipe};urp;",
    ]
)
try:
    here = uno.getComponentContext()
    resolver = here.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", here)
    for _ in range(240):
        try:
            there = resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
            break
        except NoConnectException:
            time.sleep(0.25)
    desktop = there.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", there)
    doc = desktop.loadComponentFromURL(f"file://{source}", "_blank", 0, (setting("Hidden", True),))
    exec(change)
    doc.storeToURL(f"file://{target}", (setting("FilterName", "Calc MS Excel 2007 XML"),))
    doc.close(True)
    desktop.terminate()
    office.wait(60)
finally:
    office.kill()
