// The templates, style sheet and script, as embed.py puts them into the program.
#pragma once

#include <string_view>

namespace ws2conform::reports::embedded {

extern const std::string_view page_mustache;
extern const std::string_view readings_mustache;
extern const std::string_view banner_mustache;
extern const std::string_view failure_mustache;
extern const std::string_view figure_mustache;
extern const std::string_view opening_mustache;
extern const std::string_view conversation_mustache;
extern const std::string_view requirements_mustache;
extern const std::string_view case_mustache;
extern const std::string_view cells_mustache;
extern const std::string_view area_mustache;
extern const std::string_view listing_mustache;
extern const std::string_view environment_mustache;
extern const std::string_view matrix_mustache;
extern const std::string_view kills_mustache;
extern const std::string_view model_mustache;
extern const std::string_view comparison_mustache;
extern const std::string_view histogram_mustache;
extern const std::string_view interop_mustache;
extern const std::string_view windows_mustache;
extern const std::string_view sequence_mustache;
extern const std::string_view markers_svg;
extern const std::string_view style_css;
extern const std::string_view style_css_sha256;
extern const std::string_view script_js;
extern const std::string_view script_js_sha256;

}  // namespace ws2conform::reports::embedded
