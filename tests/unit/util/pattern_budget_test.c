/* What patterns may take: too many steps are a fault that is explained, holds are kept short, and
 * all of them together end. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "util/clock.h"
#include "util/pattern_budget.h"

static const char tempting[] = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!";

static struct pattern *compile(const char *text)
{
    struct buffer why = {0};
    struct pattern *pattern = pattern_new(text, strlen(text), &why);
    assert_non_null(pattern);
    return pattern;
}

static bool try(struct pattern_budget *budget, struct pattern *pattern, const char *text)
{
    return pattern_budget_try(budget, pattern, text, strlen(text));
}

static void expect_sentence(const struct pattern_budget *budget, const char *part)
{
    struct buffer why = {0};
    pattern_budget_explain(budget, &why);
    buffer_add_byte(&why, '\0');
    assert_non_null(strstr((const char *)why.data, part));
    buffer_done(&why);
}

static void test_too_many_steps(void **state)
{
    struct pattern *greedy = compile("^(a+)+$|!$"), *plain = compile("^a");
    struct pattern_budget budget = {0};
    pattern_budget_hold(&budget);
    assert_true(try(&budget, plain, tempting));
    assert_true(try(&budget, greedy, "ab!"));
    assert_int_equal(budget.fault, 0);
    assert_false(try(&budget, greedy, tempting)); /* although it would match */
    assert_int_equal(budget.fault, -ELOOP);
    assert_false(try(&budget, plain, tempting));
    expect_sentence(&budget, "the pattern '^(a+)+$|!$' takes too many steps");
    pattern_free(greedy);
    pattern_free(plain);
}

/* Just under the limit of steps, again and again. */
static void test_too_long_a_hold(void **state)
{
    struct pattern *slow = compile("(?:(?:a|a)(?:a|a)(?:a|a)(?:a|a)(?:a|a)(?:a|a)(?:a|a)(?:a|a)"
                                   "(?:a|a)(?:a|a))[bc]");
    struct pattern_budget budget = {0};
    pattern_budget_hold(&budget);
    uint64_t began = clock_monotonic_ns();
    for (int i = 0; i < 1000000 && !budget.fault; i++)
        assert_false(try(&budget, slow, tempting));
    assert_int_equal(budget.fault, -ETIME);
    assert_true(clock_monotonic_ns() - began > 100 * NS_PER_MS);
    assert_true(clock_monotonic_ns() - began < 20 * NS_PER_S);
    assert_true(pattern_budget_is_long(&budget));
    expect_sentence(&budget, "too long");
    pattern_free(slow);
}

static void test_all_holds_add_up(void **state)
{
    struct pattern_budget budget = {0};
    pattern_budget_hold(&budget);
    assert_true(budget.hold_ns > 0);
    budget.hold_ns -= 3 * NS_PER_S;
    pattern_budget_release(&budget);
    assert_int_equal(budget.fault, 0);
    pattern_budget_hold(&budget);
    budget.hold_ns -= 3 * NS_PER_S;
    pattern_budget_release(&budget);
    assert_int_equal(budget.fault, -ETIME);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_too_many_steps),
        cmocka_unit_test(test_too_long_a_hold),
        cmocka_unit_test(test_all_holds_add_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
