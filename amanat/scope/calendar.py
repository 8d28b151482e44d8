"""Days that people write, as the Gregorian day they mean."""

from amanat.scope.compiled import counted_by_caller


@counted_by_caller
def gregorian_of(year, month, day):  # type: ignore[no-untyped-def]
    """YYYYMMDD of a Gregorian day, or 0 when there is no such day between 1880 and 2099.

    >>> int(gregorian_of(1985, 2, 29)), int(gregorian_of(1984, 2, 29))
    (0, 19840229)
    """
    if year < 1880 or year > 2099 or month < 1 or month > 12 or day < 1:
        return 0
    longest = 31
    if month == 4 or month == 6 or month == 9 or month == 11:
        longest = 30
    elif month == 2:
        longest = 29 if (year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)) else 28
    if day > longest:
        return 0
    return year * 10000 + month * 100 + day


@counted_by_caller
def gregorian_of_jalali(year, month, day):  # type: ignore[no-untyped-def]
    """YYYYMMDD of a day of the Persian calendar, or 0 when there is no such day between 1280 and 1420.

    The 33-year cycle holds for these years. Judge in the tests: ICU's Persian calendar.

    >>> int(gregorian_of_jalali(1403, 12, 30)), int(gregorian_of_jalali(1364, 1, 1))
    (20250320, 19850321)
    """
    if year < 1280 or year > 1420 or month < 1 or month > 12 or day < 1 or day > 31 or (month > 6 and day > 30):
        return 0
    if month == 12 and day == 30:
        place = year % 33
        if not (place == 1 or place == 5 or place == 9 or place == 13 or place == 17 or place == 22 or place == 26 or place == 30):
            return 0
    y = year + 1595
    days = -355668 + 365 * y + (y // 33) * 8 + ((y % 33) + 3) // 4 + day
    days += (month - 1) * 31 if month < 7 else (month - 7) * 30 + 186
    g = 400 * (days // 146097)
    days %= 146097
    if days > 36524:
        days -= 1
        g += 100 * (days // 36524)
        days %= 36524
        if days >= 365:
            days += 1
    g += 4 * (days // 1461)
    days %= 1461
    if days > 365:
        g += (days - 1) // 365
        days = (days - 1) % 365
    day_of_year = days + 1
    is_leap = g % 4 == 0 and (g % 100 != 0 or g % 400 == 0)
    m = 1
    while m <= 12:
        length = 31
        if m == 4 or m == 6 or m == 9 or m == 11:
            length = 30
        elif m == 2:
            length = 29 if is_leap else 28
        if day_of_year <= length:
            break
        day_of_year -= length
        m += 1
    return g * 10000 + m * 100 + day_of_year
