@echo off
rem Double-cliquez sur ce fichier, ou glissez dessus un autre dossier ou un fichier .zip.
setlocal EnableExtensions DisableDelayedExpansion
chcp 65001 >nul

rem Le programme : dans ce dossier, a cote de lui, sur ce poste, ou dans Python. Jamais dans un dossier glisse.
set "outil="
for %%I in ("%~dp0assemble.exe" "%~dp0assemble\assemble.exe" "%~dp0..\assemble\assemble.exe") do if not defined outil if exist "%%~fI" set outil="%%~fI"
for %%I in (assemble.exe) do if not defined outil if not "%%~$PATH:I"=="" set outil="%%~$PATH:I"
for %%I in (py.exe) do if not defined outil if not "%%~$PATH:I"=="" "%%~$PATH:I" -P -c "import assembler" >nul 2>nul && set outil="%%~$PATH:I" -P -m assembler
if not defined outil goto absent

rem pushd donne une lettre a un chemin de reseau (\\serveur\partage).
if "%~1"=="" goto ici
if not "%~2"=="" goto ferme
if exist "%~1\*" goto dossier
if not exist "%~1" goto ferme
pushd "%~dp1" || goto ferme
set "dossier=%CD%\%~nx1"
set "sortie=%CD%\%~n1-sortie"
goto lance
:dossier
pushd "%~1" || goto ferme
goto place
:ici
pushd "%~dp0" || goto ferme
:place
set "dossier=%CD%\."
set "sortie=%CD%\sortie"

:lance
rem Rien de ce que contient le dossier n'est pris pour un programme.
cd /d "%SystemRoot%"
@ACTION@
echo.
rem La lettre du reseau n'est rendue qu'une fois la fenetre fermee : le rapport s'y lit.
pause
popd
goto fin

:absent
echo Le programme assemble est introuvable sur ce poste.
echo Demandez au service informatique de l'installer : docs/installation.md.
set "code=9009"
pause
goto fin

:ferme
echo Ce dossier ne s'ouvre pas, ou il y en a plusieurs : glissez-en un seul.
echo Windows coupe un chemin sans espace qui contient ^& ^^ , ; ou = : copiez alors
echo ce fichier .cmd dans le dossier, et double-cliquez dessus.
set "code=1"
pause

:fin
rem Sans /b : la suite d'un chemin coupe a l'esperluette serait lancee comme une commande.
exit %code%
