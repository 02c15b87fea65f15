# shellcheck shell=bash disable=SC2034  # shared with the other files here
# What a build needs. The first column is the Debian and Ubuntu package, the last what it is for.

# package | function that tells whether any program in PATH will do | purpose
program_needs=(
  'gcc|has_c_compiler|a C compiler'
  'g++|has_cxx20_compiler|a C++20 compiler'
  'meson|has_meson|Meson 1.0 or newer, which configures the build'
  'ninja-build|has_ninja|Ninja, which runs the build'
  'pkg-config|has_pkg_config|pkg-config, which finds the libraries'
  'python3|has_python|Python 3.9 or newer, for adapters and tests'
)

# package | header | pkg-config module, where there is one | purpose
library_needs=(
  'libgtest-dev|gtest/gtest.h|gtest|GoogleTest, which runs the cases and the unit tests'
  'libyaml-cpp-dev|yaml-cpp/yaml.h|yaml-cpp|yaml-cpp, which reads the cases'
  'nlohmann-json3-dev|nlohmann/json.hpp|nlohmann_json|JSON, the language of adapters and histories'
  'libcli11-dev|CLI/CLI.hpp|CLI11|CLI11, the command line'
  'libfmt-dev|fmt/core.h|fmt|fmt, text formatting'
  'libvalijson-dev|valijson/validator.hpp||valijson, which checks files against their JSON Schema'
  'libkainjow-mustache-dev|kainjow/mustache.hpp||mustache templates, for the HTML report'
  'libpugixml-dev|pugixml.hpp|pugixml|pugixml, for JUnit XML'
  'libmimalloc-dev|mimalloc.h||mimalloc, which allocates the many small values of the suite'
  'librapidcheck-dev|rapidcheck.h||RapidCheck, for property tests'
)

# Boost.Process v2 begins with this version.
readonly kBoostWanted=1.81
readonly kBoostPurpose="Boost $kBoostWanted or newer, whose Process library starts the adapters"

# package | program that shows it is there; without one dpkg is asked | purpose
# Nothing here is needed to build; tests skip, or a second compiler is not tried, without it.
extra_needs=(
  'gcc-mingw-w64-x86-64-posix|x86_64-w64-mingw32-gcc-posix|C for Windows'
  'g++-mingw-w64-x86-64-posix|x86_64-w64-mingw32-g++-posix|the adapter built for Windows'
  'wine|wine|Wine, whose Winsock is judged'
  'clang|clang++|a second compiler'
  'shellcheck|shellcheck|the check of the shell scripts'
  'nodejs|node|Node.js, for adapters in JavaScript'
  'python3-qpid-proton||Qpid Proton, for the adapter of AMQP'
  'python3-websockets||websockets for Python, for the adapter of WebSocket'
  'perl|json_pp|Perl with its modules, for an adapter without a kit'
  'iproute2|ip|the test with two machines'
  'libfabric-dev||libfabric, for the adapter of its tcp provider'
  'libwebsockets-dev||libwebsockets, for the other adapter of WebSocket'
  'user-mode-linux|linux.uml|Linux in user mode, for the adapter of its AF_X25 and for lines that lose'
  'chromium|chromium|the report in a real browser'
  'libxml2-utils|xmllint|the check of junit.xml against its schema'
  'npm|npm|axe-core, the check that the report is accessible, and rhea, for an adapter of AMQP'
  'slurm-wlm|sbatch|the test of the Slurm array'
)

# Another version of clang-format formats differently, and only Debian 12 is sure to have this one.
extra_needs_bookworm=(
  'clang-format-14|clang-format-14|the check of the C++ formatting'
)

# boost_components VERSION: the compiled parts of that Boost which the build links. Boost.System
# lost its last library in 1.89, and Boost.Process has had one since 1.86.
boost_components() {
  echo filesystem
  if ! version_at_least "$1" 1.89; then echo system; fi
  if version_at_least "$1" 1.86; then echo process; fi
}
