// The same as C++.
#include "select_test.c"
