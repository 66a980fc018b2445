@echo off
rem Double-cliquez sur ce fichier, ou glissez dessus un autre dossier ou un fichier .zip.
setlocal EnableExtensions DisableDelayedExpansion
chcp 65001 >nul

rem Le programme : dans ce dossier, a cote de lui, sur ce poste, ou dans Python.
set "outil="
for %%I in ("%~dp0assemble.exe" "%~dp0assemble\assemble.exe" "%~dp0..\assemble\assemble.exe") do if not defined outil if exist "%%~fI" set outil="%%~fI"
if not defined outil where assemble.exe >nul 2>nul && set outil=assemble.exe
if not defined outil py.exe -c "import assembler" >nul 2>nul && set outil=py.exe -m assembler
if not defined outil goto absent

rem pushd donne une lettre a un chemin de reseau (\\serveur\partage).
if "%~1"=="" goto ici
if exist "%~1\*" goto dossier
pushd "%~dp1." || goto ferme
set "dossier=%CD%\%~nx1"
set "sortie=%CD%\%~n1-sortie"
goto lance
:dossier
pushd "%~1\." || goto ferme
goto place
:ici
pushd "%~dp0." || goto ferme
:place
set "dossier=%CD%\."
set "sortie=%CD%\sortie"

:lance
@ACTION@
echo.
rem La lettre du reseau n'est rendue qu'une fois la fenetre fermee : le rapport s'y lit.
pause
popd
exit /b %code%

:absent
echo Le programme assemble est introuvable sur ce poste.
echo Demandez au service informatique de l'installer : docs/installation.md.
pause
exit /b 9009

:ferme
echo Ce dossier ne s'ouvre pas.
pause
exit /b 1
